// What goes wrong every day, verb by verb: a file in place of a directory, a full disk, too few
// descriptors, a server that is not there or speaks something else. Each gets one sentence that names what
// and why, and the right exit code; nothing is "unexpected".
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server as TcpServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Ended,
  openWorkplace,
  programPath,
  surroundings,
  type Workplace,
} from '../support/program.ts'

let place: Workplace
/** Answers everybody with a line that is neither HTTP nor TLS. */
let stranger: TcpServer
let strangePort = 0

beforeAll(async () => {
  place = openWorkplace()
  await place.createApp('one')
  writeFileSync(join(place.dir, 'file'), '{}\n')
  mkdirSync(join(place.dir, 'folder'))
  symlinkSync('nowhere', join(place.dir, 'dangling'))
  stranger = createServer((socket) => {
    socket.on('error', () => {})
    socket.end('220 mail.example ready\r\n')
  })
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
  const address = stranger.address()
  strangePort = typeof address === 'object' ? (address?.port ?? 0) : 0
})
afterAll(async () => {
  stranger?.close()
  await place?.close()
})

const someone = { PUSHLEDGER_KEY: 'a'.repeat(24), PUSHLEDGER_SECRET: 's' }

const expectSentence = ({ code, stderr }: Ended, says: RegExp): void => {
  expect(stderr).toMatch(says)
  expect(stderr).toMatch(/^[^\n]+\n$/)
  expect(stderr).not.toMatch(/unexpectedly|^\s+at /m)
  expect(code).toBe(1)
}

/** In a shell, in the directory, with what stands before and after the command. */
const inShell = (before: string, args: string, after = ''): Promise<Ended> => {
  const command = `${before} '${process.execPath}' '${programPath}' ${args} ${after}`
  const env = { ...surroundings(), PUSHLEDGER_DATA: place.dir, ...someone }
  const child = spawn('sh', ['-c', command], { cwd: place.dir, env })
  const written = { stdout: '', stderr: '' }
  child.stdout.on('data', (text: Buffer) => {
    written.stdout += text
  })
  child.stderr.on('data', (text: Buffer) => {
    written.stderr += text
  })
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...written })))
}

describe('files', () => {
  it.each([
    ['backup to a file', ['backup', 'file'], /^file is no directory/],
    ['backup to a link', ['backup', 'dangling'], /dangling.* cannot be written/],
    ['demo in a file', ['demo', '--exit', '--data', 'file'], /file: .* is not a directory/],
    ['import of a directory', ['import', 'folder'], /folder is a directory: name the files/],
    [
      'devices from a directory',
      ['report', 'status', '1', '--file', 'folder'],
      /it is a directory/,
    ],
    ['export to nowhere', ['export', 'reports', '--out', 'none/x.csv'], /there is no such file or/],
    [
      'serve with a folder as key',
      ['serve', '--tls-cert', 'folder', '--tls-key', 'file'],
      /folder/,
    ],
  ])('%s', async (_, args, says) => {
    expectSentence(await place.run(args, someone), says)
  })

  it('no directory for temporary files', async () => {
    const ended = await place.run(['demo', '--exit'], { TMPDIR: join(place.dir, 'none') })
    expectSentence(ended, /none\/pushledger-demo-.*there is no such file or directory/)
  })
})

describe.skipIf(!existsSync('/dev/full'))('a full disk', () => {
  it.each(['app list', 'export reports', 'config', '--help'])('under %s', async (args) => {
    expectSentence(
      await inShell('', args, '> /dev/full'),
      /^stdout cannot be written: the disk is full$/m,
    )
  })
})

it('too few descriptors', async () => {
  const ended = await inShell('ulimit -n 30 &&', 'app list')
  expectSentence(ended, /may not open more files: raise its limit/)
})

describe('servers', () => {
  const report = ['report', 'received', '1', '--url']
  it.each([
    ['nobody', () => 'http://127.0.0.1:1', /nobody listens there/],
    [
      'no such host',
      () => 'http://nowhere.invalid',
      /there is no such host|cannot be looked up now/,
    ],
    [
      'no TLS',
      () => `https://127.0.0.1:${strangePort}`,
      /it does not speak TLS there: is it http\?/,
    ],
    [
      'no HTTP',
      () => `http://127.0.0.1:${strangePort}`,
      /it does not speak HTTP there: is it https/,
    ],
  ])('%s', async (_, url, says) => {
    expectSentence(await place.run([...report, url()], someone), says)
  })
})
