/** What a page may load: its own files, and nothing else. */
const page = (scripts: string): string =>
  [
    "default-src 'none'",
    `script-src 'self'${scripts}`,
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** What comes from a run directory, which others may have made: looked at by itself, it does nothing. */
const data = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

/**
 * Headers of every answer.
 * @param scripts what scripts may come from, or do, beside being the page's own: `'wasm-unsafe-eval'` compiles WebAssembly
 */
export function securityHeaders(path: string, scripts = ''): Readonly<Record<string, string>> {
  return {
    'content-security-policy': path.startsWith('/api/') ? data : page(scripts && ` ${scripts}`),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  };
}
