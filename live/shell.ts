import { html } from '../analysis/report/html.js';
import { STYLE } from '../analysis/report/style.js';
import { LIVE_STYLE } from './style.js';

/** Browsers hold the page to this: its own script and style, connections with its own server, and nothing else. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // The figures of the report carry their style with them. Without images and fonts, style reaches nobody.
  "style-src 'unsafe-inline'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page before its script has run: the same for every study, and without any of their data. */
export const SHELL = html`<!doctype html>
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>ufm-sweep</title>
      ${STYLE} ${LIVE_STYLE}
      <script type="module" src="/assets/main.js"></script>
      <script type="module" src="/assets/figure-reader.js"></script>
    </head>
    <body>
      <div id="connection" class="warning" role="status" hidden></div>
      <div id="page"><noscript>This page fills itself in by its script.</noscript></div>
    </body>
  </html> `.text;
