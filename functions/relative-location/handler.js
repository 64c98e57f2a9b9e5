// A CloudFront Function for viewer responses. The application behind the origin sees the origin's host and redirects to
// it, so a browser would leave the edge and be refused. Links to the origin become relative to the host that the
// browser called. All other links stay unchanged. `originHost` is declared before the code of this file. The runtime
// supports no `for…of`, no destructuring and no spread:
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html

/** The headers that contain links, and where. Other headers are never changed. */
const linkPlaces = {
  location: '^\\s*',
  'content-location': '^\\s*',
  sourcemap: '^\\s*',
  link: '<\\s*',
  refresh: 'url\\s*=\\s*["\']?',
};

/** A host ends where a path, a query, a fragment or the link ends: `origin.evil.example` is another host. */
function linksToOrigin(place) {
  const host = originHost.replace(/[.]/g, '\\.');
  return new RegExp('(' + place + ')(?:https?:)?//' + host + '(?::\\d*)?(?=[/?#>"\'\\s;,]|$)', 'gi');
}

/** The prefix of the rest of a link, so that a browser cannot read `//evil.example` as a host. */
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
