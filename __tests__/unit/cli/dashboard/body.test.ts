import { widgetsIn } from '../../../../cli/dashboard/body';
import { UserError } from '../../../../errors';

const alarms = {
  type: 'alarm',
  x: 0,
  y: 0,
  width: 12,
  height: 4,
  properties: { title: 'Alarms', alarms: [] },
};

it('reads the dashboard that the stack creates', () => {
  expect(widgetsIn(JSON.stringify({ widgets: [alarms] }), 'kairos-prod')).toEqual([alarms]);
});

it('says in one line that somebody has changed the dashboard in the console, and how to restore it', () => {
  const note = { type: 'text', x: 0, y: 4, width: 6, height: 2, properties: { markdown: 'Call Ada' } };
  const body = JSON.stringify({ widgets: [alarms, note] });
  expect(() => widgetsIn(body, 'kairos-prod')).toThrow(
    new UserError(
      'the dashboard kairos-prod was changed by hand, in widgets.1.type; restore it: npx cdktf deploy kairos-prod',
    ),
  );
});
