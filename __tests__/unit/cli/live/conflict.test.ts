import { afterConflicts } from '../../../../cli/live/conflict';

const named = (name: string) => Object.assign(new Error(name), { name });
const inProgress = named('ResourceConflictException');

describe('a change of a function while an update of it is in progress', () => {
  beforeEach(() => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('is made after the update is complete, and a line says that it waits', async () => {
    const call = jest
      .fn<Promise<string>, []>()
      .mockRejectedValueOnce(inProgress)
      .mockRejectedValueOnce(inProgress)
      .mockResolvedValue('made');
    const onWait = jest.fn();
    expect(await afterConflicts(call, onWait)).toBe('made');
    expect(call).toHaveBeenCalledTimes(3);
    expect(onWait.mock.calls).toEqual([[0]]);
  });

  it('reports every 15 seconds how long it has waited', async () => {
    let now = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => now);
    const call = jest.fn<Promise<string>, []>().mockImplementation(() => {
      now += 5_000;
      return now < 40_000 ? Promise.reject(inProgress) : Promise.resolve('made');
    });
    const onWait = jest.fn();
    await afterConflicts(call, onWait);
    expect(onWait.mock.calls).toEqual([[5], [20], [35]]);
  });

  it('is not retried for another error', async () => {
    const call = jest.fn<Promise<string>, []>().mockRejectedValue(named('AccessDeniedException'));
    const onWait = jest.fn();
    await expect(afterConflicts(call, onWait)).rejects.toThrow('AccessDeniedException');
    expect([call.mock.calls.length, onWait.mock.calls.length]).toEqual([1, 0]);
  });

  it('fails after a minute', async () => {
    let now = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => now);
    const call = jest.fn<Promise<string>, []>().mockImplementation(() => {
      now += 30_000;
      return Promise.reject(inProgress);
    });
    await expect(afterConflicts(call, jest.fn())).rejects.toThrow('ResourceConflictException');
    expect(now).toBe(90_000);
  });
});
