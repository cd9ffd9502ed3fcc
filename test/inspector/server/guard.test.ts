import fs from 'node:fs';
import path from 'node:path';
import { Guard } from '../../../src/inspector/server/http/guard';
import { makeRun } from '../../study/compare/made-runs';
import { makeGrounds, type Serving, secret, serving, statusOf } from './serving';

const grounds = makeGrounds();
let server: Serving;
beforeAll(async () => {
  makeRun(path.join(grounds.runs, 'a'), { summary: { test: { after: 1 } } });
  server = await serving(grounds.runs);
});
afterAll(async () => {
  await server.served.close();
  fs.rmSync(path.dirname(grounds.runs), { recursive: true });
});

/** A request of these lines, which ends the connection. */
const send = (first: string, headers: readonly string[] = [`Host: 127.0.0.1:${server.port}`]) =>
  server.raw([first, ...headers, 'Connection: close', '', ''].join('\r\n'));

describe('a server of this machine alone lets in', () => {
  it.each(['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]'])('who calls it %s', async (name) => {
    expect(statusOf(await send('GET /api/runs HTTP/1.1', [`Host: ${name}:${server.port}`]))).toBe(200);
  });

  it.each([
    ['another name, as a site has that rebinds its name', ['Host: evil.example:PORT']],
    ['a name that begins like it', ['Host: localhost.evil.example:PORT']],
    ['its name with another port', ['Host: 127.0.0.1:1']],
    ['its name without a port', ['Host: 127.0.0.1']],
    ['its name behind a user', ['Host: 127.0.0.1@evil.example:PORT']],
    ['no name', ['X: y']],
    ['an empty name', ['Host: ']],
    ['two names', ['Host: 127.0.0.1:PORT', 'Host: evil.example:PORT']],
    ['two names, its own last', ['Host: evil.example:PORT', 'Host: 127.0.0.1:PORT']],
  ])('nobody who calls it by %s', async (_what, headers) => {
    const heard = await send(
      'GET /api/runs HTTP/1.1',
      headers.map((line) => line.replace('PORT', String(server.port))),
    );
    expect([400, 403]).toContain(statusOf(heard));
    expect(heard).not.toContain('"runs"');
  });

  const own = () => `Host: 127.0.0.1:${server.port}`;
  it.each([
    ['another origin', ['Origin: http://evil.example']],
    ['no origin that it would tell', ['Origin: null']],
    ['this machine at another port', ['Origin: http://127.0.0.1:1']],
    ['this server by another protocol', ['Origin: https://127.0.0.1:PORT']],
    ['another site', ['Sec-Fetch-Site: cross-site']],
    ['another server of the same site', ['Sec-Fetch-Site: same-site']],
    [
      'another site that opens what it asks for',
      ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document'],
    ],
  ])('no request for data that comes from %s', async (_what, headers) => {
    const heard = await send('GET /api/runs HTTP/1.1', [
      own(),
      ...headers.map((line) => line.replace('PORT', String(server.port))),
    ]);
    expect(statusOf(heard)).toBe(403);
    expect(heard).not.toContain('"runs"');
  });

  it.each([
    '/%61pi/runs',
    '/./api/runs',
    '/x/../api/runs',
    '/%2e/api/runs',
    '/x/%2e%2e/%61p%69/runs',
    '/api',
  ])('no other site that opens the data by %s', async (target) => {
    const site = ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document'];
    const heard = await send(`GET ${target} HTTP/1.1`, [own(), ...site]);
    expect(statusOf(heard)).toBe(403);
    expect(heard).not.toContain('"runs"');
  });

  it.each([
    ['its own page', ['Origin: http://127.0.0.1:PORT', 'Sec-Fetch-Site: same-origin']],
    [
      'who types the address',
      ['Sec-Fetch-Site: none', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document'],
    ],
  ])('%s', async (_what, headers) => {
    const lines = headers.map((line) => line.replace('PORT', String(server.port)));
    expect(statusOf(await send('GET /api/runs HTTP/1.1', [own(), ...lines]))).toBe(200);
  });

  it('a link from another site to the page itself, in no frame', async () => {
    const link = ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate'];
    const status = async (dest: string) =>
      statusOf(await send('GET / HTTP/1.1', [own(), ...link, `Sec-Fetch-Dest: ${dest}`]));
    expect(await status('document')).not.toBe(403);
    expect(await status('iframe')).toBe(403);
  });
});

describe('the server', () => {
  it('answers what it fails by itself, says so where it was started, and goes on', async () => {
    const admit = jest.spyOn(Guard.prototype, 'admit').mockImplementationOnce(() => {
      throw new TypeError('of a test');
    });
    const heard = await send('GET /api/runs HTTP/1.1');
    admit.mockRestore();
    expect(statusOf(heard)).toBe(500);
    expect(heard).not.toContain('of a test');
    expect(server.complaints.splice(0)).toEqual([expect.stringContaining('of a test')]);
    expect(statusOf(await send('GET /api/runs HTTP/1.1'))).toBe(200);
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])(
    'refuses %s: nothing can be changed',
    async (method) => {
      const heard = await send(`${method} /api/runs HTTP/1.1`);
      expect(statusOf(heard)).toBe(405);
      expect(heard.toLowerCase()).toContain('allow: get, head');
    },
  );

  it('answers HEAD with headers alone, and opens no events for it', async () => {
    expect((await send('HEAD /api/runs HTTP/1.1')).split('\r\n\r\n')[1]).toBe('');
    expect(statusOf(await send('HEAD /api/live HTTP/1.1'))).toBe(405);
    expect(server.served.inspector.live.size).toBe(0);
  });

  it.each([
    '/../outside/secret.txt',
    '/%2e%2e/outside/secret.txt',
    '/..%2foutside%2fsecret.txt',
    '/%252e%252e/outside/secret.txt',
    '/..%5coutside%5csecret.txt',
    '/..\\outside\\secret.txt',
    '/assets/../../../package.json',
    '/%00',
    '/.%00./outside/secret.txt',
    '//outside/secret.txt',
    '///etc/passwd',
    '/etc/passwd',
    'http://evil.example/api/runs',
    'file:///etc/passwd',
    '*',
    '/\\[',
    '/\\evil.example/',
    '/%',
    '/%ff',
    '/[',
    '/.//[',
    '/#/api/runs',
    '/api/run?id=../outside',
    '/api/run?id=%2e%2e%2foutside',
    '/api/run?id=a/../../outside',
    '/api/run?id=/etc',
    '/api/run?id=a%00',
    '/api/run?id=__proto__',
    '/api/run?id=constructor',
    '/api/figure?id=a&name=../../../outside/figure&as=svg',
    '/api/figure?id=a&name=..%2f..%2foutside%2ffigure&as=svg',
    '/api/figure?id=a&name=x&as=../../secret.txt',
    '/api/figure?id=a&name=x&as=__proto__',
    '/api/frame?id=a&trace=../../outside/secret&variable=phi&row=0',
    '/api/course?id=a&trace=__proto__&variables=phi&columns=0',
  ])('has no way out by %s', async (target) => {
    const heard = await send(`GET ${target} HTTP/1.1`);
    expect([400, 403, 404]).toContain(statusOf(heard));
    for (const hidden of [secret, 'root:', '"name": "metaplast"', path.dirname(grounds.runs), '.ts:', '.js:'])
      expect(heard).not.toContain(hidden);
  });

  it('refuses addresses and headers that are too long, and bytes that are no request', async () => {
    expect(statusOf(await send(`GET /api/run?id=${'x'.repeat(50_000)} HTTP/1.1`))).toBe(414);
    expect(statusOf(await send(`GET /api/runs HTTP/1.1`, [own(), `X: ${'x'.repeat(70_000)}`]))).toBe(431);
    expect(statusOf(await send('GET /api/runs HTTP/9.9'))).toBe(400);
    expect(statusOf(await send('\0\0\0'))).toBe(400);
    expect(statusOf(await send('GET /\u00e9 HTTP/1.1'))).toBe(400);
  });

  it('sends with every answer the headers that keep a page to itself', async () => {
    for (const address of ['/', '/api/runs', '/none', '/api/none']) {
      const { headers } = await server.get(address);
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'.*frame-ancestors 'none'/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
    expect((await server.get('/')).headers.get('content-security-policy')).toContain("script-src 'self'");
    // What lies in a run directory may be another one's: opened by itself, it runs nothing.
    expect((await server.get('/api/runs')).headers.get('content-security-policy')).toContain('sandbox');
  });

  it('had no fault of its own in all of this', () => {
    expect(server.complaints).toEqual([]);
  });
});

const own = () => `Host: 127.0.0.1:${server.port}`;

it.each(['', ' '])('no server listens at a host that is called "%s"', async (host) => {
  const served = serving(grounds.runs, host).then(({ served: { close } }) => close());
  await expect(served).rejects.toThrow('without a name');
});

describe('a server that other machines can reach', () => {
  let open: Serving;
  let token: string;
  beforeAll(async () => {
    open = await serving(grounds.runs, '0.0.0.0');
    token = new URL(open.served.address).searchParams.get('token')!;
  });
  afterAll(() => open.served.close());

  it('prints an address that others can reach, with 128 random bits', () => {
    expect(token).toMatch(/^[0-9a-f]{32}$/);
    expect(new URL(open.served.address).hostname).not.toBe('0.0.0.0');
  });

  it('lets in nobody without its token', async () => {
    const wrong = [
      '',
      '?token=',
      `?token=${'0'.repeat(32)}`,
      `?token=${token.slice(1)}`,
      `?token=${token}&token=x`.replace(token, 'x'),
    ];
    for (const query of wrong) {
      for (const address of ['/', '/api/runs', '/api/live'])
        expect((await open.get(`${address}${query}`)).status).toBe(403);
    }
    const cookie = `metaplast-inspector-${open.port}=${'0'.repeat(32)}`;
    expect((await open.get('/api/runs', { cookie })).status).toBe(403);
  });

  it.each(['/\\[', '/\\[?token=TOKEN', '/[', '/%', '/.//[', '/x?%', '//['])(
    'is still there after a request for %s',
    async (target) => {
      const heard = await open.raw(
        `GET ${target.replace('TOKEN', token)} HTTP/1.1\r\nHost: 127.0.0.1:${open.port}\r\nConnection: close\r\n\r\n`,
      );
      expect([400, 403]).toContain(statusOf(heard));
      expect((await open.get(`/api/runs?token=${token}`)).status).toBe(200);
    },
  );

  it('keeps the token as a cookie that no script reads and no other site sends, and takes it out of the address', async () => {
    const { status, headers } = await open.get(`/?view=run&token=${token}&run=a`);
    expect(status).toBe(302);
    expect(headers.get('location')).toBe('/?view=run&run=a');
    const cookie = headers.get('set-cookie')!;
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Strict');
    expect((await open.get('/api/runs', { cookie: `other=1; ${cookie.split(';')[0]}` })).status).toBe(200);
  });

  it.each([
    ['/.//evil.example/?token=TOKEN', '/evil.example/'],
    ['/x/..//evil.example/y?a=b&token=TOKEN', '/evil.example/y?a=b'],
    ['/.///evil.example?token=TOKEN', '/evil.example'],
    ['/%2f/evil.example?token=TOKEN', '/%2f/evil.example'],
  ])('sends nobody to another server by %s', async (target, to) => {
    const heard = await open.raw(
      `GET ${target.replace('TOKEN', token)} HTTP/1.1\r\nHost: 127.0.0.1:${open.port}\r\nConnection: close\r\n\r\n`,
    );
    expect(statusOf(heard)).toBe(302);
    expect(/^location: (.*)$/im.exec(heard)?.[1]).toBe(to);
  });

  it('takes the token with whatever is asked for', async () => {
    for (const address of ['/api/runs?', '/api/run?id=a&', '/api/curves?id=a&metric=x&'])
      expect((await open.get(`${address}token=${token}`)).status).toBe(200);
    expect((await open.get(`/api/run?id=a&tokens=x&token=${token}`)).status).toBe(400);
  });

  it('still refuses names that are not its own', async () => {
    const heard = await open.raw(
      `GET /api/runs?token=${token} HTTP/1.1\r\nHost: evil.example:${open.port}\r\nConnection: close\r\n\r\n`,
    );
    expect(statusOf(heard)).toBe(403);
  });
});
