// A CloudFront Function on the viewer's response. The application behind the origin sees the origin's host and
// redirects to it: a browser would leave the edge and be refused. Links to the origin become relative to the host
// that the browser asked; all others stay as they are. `originHost` is declared in front of this file.
// The runtime knows no `for…of`, no destructuring and no spread:
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html

/** Where the headers that hold links hold them; a header that is not here is never touched. */
const linkPlaces = {
  location: '^\\s*',
  'content-location': '^\\s*',
  sourcemap: '^\\s*',
  link: '<\\s*',
  refresh: 'url\\s*=\\s*["\']?',
};

/** A host ends where a path, a query or a fragment starts, or the link does: `origin.evil.example` is another one. */
function linksToOrigin(place) {
  const host = originHost.replace(/[.]/g, '\\.');
  return new RegExp('(' + place + ')(?:https?:)?//' + host + '(?::\\d*)?(?=[/?#>"\'\\s;,]|$)', 'gi');
}

/** What goes in front of the rest of a link, so that a browser cannot take `//evil.example` for a host. */
function root(rest) {
  if (rest.charAt(0) !== '/') {
    return '/';
  }
  return /^\/[\t\r\n]*[/\\]/.test(rest) ? '/.' : '';
}

function relative(value, place) {
  return value.replace(linksToOrigin(place), function (link, before, offset, whole) {
    return before + root(whole.slice(offset + link.length));
  });
}

function handler(event) {
  const headers = event.response.headers;
  Object.keys(linkPlaces).forEach(function (name) {
    const header = headers[name];
    if (header) {
      header.value = relative(header.value, linkPlaces[name]);
      (header.multiValue || []).forEach(function (each) {
        each.value = relative(each.value, linkPlaces[name]);
      });
    }
  });
  return event.response;
}
