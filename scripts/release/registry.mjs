import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { root } from '../run.mjs';
import { npm } from './npm.mjs';

/**
 * A package registry on the loopback interface, with what is published to it and, so that no network is needed,
 * whatever this repository has installed. Only what npm asks for is there: publish, look up, download.
 *
 * @param folder for the tarballs of installed packages
 * @param own names that are there only once they have been published
 * @returns `{ url, published, close }`; `published` has the manifests by name and version
 */
export async function startRegistry(folder, own) {
  const published = new Map();
  const tarballs = new Map();
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => respond(response, 500, { error: String(error) }));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}/`;
  return { url, published, close: () => server.close() };

  async function answer(request, response) {
    const path = decodeURIComponent(new URL(request.url, url).pathname.slice(1));
    if (request.method === 'PUT') {
      const document = JSON.parse(await readAll(request));
      const [version] = Object.keys(document.versions);
      const [attachment] = Object.values(document._attachments);
      add(document.versions[version], Buffer.from(attachment.data, 'base64'));
      return respond(response, 201, { ok: true });
    }
    if (tarballs.has(path)) return response.end(tarballs.get(path));
    if (!published.has(path)) await addInstalled(path);
    const versions = published.get(path);
    if (!versions) return respond(response, 404, { error: 'not found' });
    const latest = Object.keys(versions).at(-1);
    respond(response, 200, { name: path, 'dist-tags': { latest }, versions });
  }

  function add(manifest, tarball) {
    const path = `tarballs/${manifest.name}-${manifest.version}.tgz`;
    tarballs.set(path, tarball);
    const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
    const entry = { ...manifest, dist: { tarball: `${url}${path}`, integrity } };
    published.set(manifest.name, { ...published.get(manifest.name), [manifest.version]: entry });
  }

  /** npm keeps one version at the root, and others in the packages that want them. */
  async function addInstalled(name) {
    if (own.includes(name)) return;
    const homes = readdirSync(join(root, 'packages')).map((folder) => join('packages', folder));
    for (const home of ['', ...homes]) {
      const installed = join(root, home, 'node_modules', name);
      if (!existsSync(join(installed, 'package.json'))) continue;
      const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
      const output = await npm(['pack', installed, '--json', '--pack-destination', folder], folder);
      const [{ filename }] = JSON.parse(output);
      add(manifest, readFileSync(join(folder, filename)));
    }
  }
}

async function readAll(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function respond(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
