import path from 'node:path';
import { execa } from 'execa';

/** Files of a small authority, made anew for every test. */
export interface Certificates {
  /** Certificate of the authority that both sides trust. */
  readonly authority: string;
  readonly server: KeyPair;
  readonly client: KeyPair;
}

export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** Name in the server's certificate, whatever address it listens on. */
export const SERVER_NAME = 'temporal.test';

/** Makes an authority, and a certificate for each side, in a folder; with the `openssl` of the machine. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const openssl = (...words: string[]): Promise<unknown> => execa('openssl', words);
  const file = (name: string): string => path.join(folder, name);
  const [authority, authorityKey] = [file('authority.pem'), file('authority-key.pem')];
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'];
  await openssl(
    ...['req', '-x509', ...newKey, '-days', '1', '-subj', '/CN=test authority'],
    ...['-keyout', authorityKey, '-out', authority],
  );
  const issue = async (subject: string): Promise<KeyPair> => {
    const pair = { certificate: file(`${subject}.pem`), key: file(`${subject}-key.pem`) };
    await openssl(
      ...['req', '-x509', ...newKey, '-days', '1', '-subj', `/CN=${subject}`],
      ...[
        '-addext',
        `subjectAltName=DNS:${subject}`,
        '-addext',
        'basicConstraints=critical,CA:FALSE',
      ],
      ...['-CA', authority, '-CAkey', authorityKey, '-keyout', pair.key, '-out', pair.certificate],
    );
    return pair;
  };
  return { authority, server: await issue(SERVER_NAME), client: await issue('worker.test') };
}
