// Logging in to the console, to several apps, and out again; what happens when a session ends by itself,
// and when the server goes away and comes back.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { parseAppName, parseTimeZone } from '../../src/apps/apps.ts'
import { haveBrowser } from '../support/browser.ts'
import { key, secret, type TestServer } from '../support/server.ts'
import { type Credentials, startConsole } from '../support/shop.ts'
import { focused, openVisits, reads } from './visit.ts'

const test: Credentials = { key, secret }
const timeZone = parseTimeZone('Asia/Shanghai')!
const msgId = '58545795622195712'
const ofMessage = `#/messages/${msgId}`
const hourMs = 3_600_000

const createOther = async ({ apps }: TestServer): Promise<Credentials> => {
  const issued = await apps.create({ name: parseAppName('Other')!, vip: true, timeZone })
  return { key: issued!.record.key, secret: issued!.secret }
}

const tellReceived = (server: TestServer, devices: number) =>
  server.told({ msgId, platform: 'android', channel: 'jpush', stage: 'received', devices })

const keyField = (page: Page) => page.getByLabel('App key')
const secretField = (page: Page) => page.getByLabel('Master secret', { exact: true })
const logIn = async (page: Page, { key, secret }: Credentials) => {
  await keyField(page).fill(key)
  await secretField(page).fill(secret)
  await page.getByRole('button', { name: 'Log in' }).click()
}
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name })
const openMenu = (page: Page, app: string) =>
  page.getByRole('button', { name: `App: ${app}` }).click()

describe.skipIf(!haveBrowser())('a session of the console', () => {
  const visit = openVisits()
  let server: TestServer
  let other: Credentials
  beforeAll(async () => {
    server = await startConsole()
    other = await createOther(server)
    await tellReceived(server, 7)
  })
  afterAll(() => server.close())

  it('begins with the key and the secret of an app, on the page that was asked for', async () => {
    const page = await visit(server.url, ofMessage)
    await heading(page, 'Log in').waitFor()
    expect(await focused(page)).toBe('#key')
    await logIn(page, test)
    await heading(page, `Message ${msgId}`).waitFor()
    expect(page.url()).toBe(`${server.url}/${ofMessage}`)
    expect(await page.title()).toBe(`Message ${msgId} · test · pushledger`)
    await reads(page.getByTestId('stage-received'), '7')
  })

  it('outlasts a reload, and leaves nothing of itself where scripts could read it', async () => {
    const page = await visit(server.url, '')
    await logIn(page, test)
    await heading(page, 'Overview').waitFor()
    await page.reload()
    await heading(page, 'Overview').waitFor()
    const kept = await page.evaluate<string>(
      'document.cookie + JSON.stringify([localStorage, sessionStorage])',
    )
    expect(kept).toContain(key)
    expect(kept).not.toContain(secret)
    const [cookie] = await page.context().cookies()
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' })
    expect(kept).not.toContain(cookie!.value)
  })

  it('does not begin with a wrong secret, however often it is tried', async () => {
    const page = await visit(server.url, '')
    await page.getByRole('button', { name: 'Log in' }).click()
    await reads(page.getByRole('alert'), 'Both are needed.')
    for (let attempt = 0; attempt < 7; attempt++) {
      await logIn(page, { key, secret: `wrong${attempt}` })
      await reads(page.getByRole('alert'), 'Unknown key or wrong secret.')
      await page.getByRole('button', { name: 'Log in' }).waitFor()
    }
    expect(await focused(page)).toBe('#secret')
    expect(await keyField(page).inputValue()).toBe(key)
    await logIn(page, test)
    await heading(page, 'Overview').waitFor()
  })

  it('is one of several, switched between and ended one by one', async () => {
    const page = await visit(server.url, '#/messages', { as: [test] })
    await page.getByText(msgId).waitFor()
    await openMenu(page, 'test')
    await page.getByRole('link', { name: 'Log in to another app' }).click()
    await logIn(page, other)
    await page.getByText('Nothing has been told yet').waitFor()
    expect(page.url()).toBe(`${server.url}/#/`)

    await page.getByRole('link', { name: 'Messages' }).click()
    await heading(page, 'Messages').waitFor()
    await openMenu(page, 'Other')
    await page.getByRole('button', { name: 'Switch to test' }).click()
    await page.getByText(msgId).waitFor()
    expect(page.url()).toBe(`${server.url}/#/messages`)

    await openMenu(page, 'test')
    await page.getByRole('button', { name: 'Log out of test' }).click()
    await page.getByRole('button', { name: 'App: Other' }).waitFor()
    await openMenu(page, 'Other')
    await page.getByRole('button', { name: 'Log out of Other' }).click()
    await heading(page, 'Log in').waitFor()
    expect(await page.context().cookies()).toEqual([])
  })

  it('that is over leads to the log-in with a sentence, and back to the page', async () => {
    const page = await visit(server.url, ofMessage, { as: [test] })
    await page.getByTestId('stage-received').waitFor()
    server.clock.nowMs += 9 * hourMs
    await page
      .getByText('The session of test has ended. Log in again and you are back on this page.')
      .waitFor()
    expect(await keyField(page).inputValue()).toBe(key)
    expect(await focused(page)).toBe('#secret')
    await secretField(page).fill(secret)
    await page.keyboard.press('Enter')
    await heading(page, `Message ${msgId}`).waitFor()
    expect(page.url()).toBe(`${server.url}/${ofMessage}`)
    await reads(page.getByTestId('stage-received'), '7')
  })

  it('that is over leaves the others open', async () => {
    const page = await visit(server.url, ofMessage, { as: [test, other] })
    await page.getByTestId('stage-received').waitFor()
    await page.context().clearCookies({ name: new RegExp(key) })
    await page.getByRole('button', { name: 'Go on with Other' }).click()
    await page.getByText('Nothing is known of this message').waitFor()
  })

  it('ends with a server that goes away, which is told, and begins again when that is back', async () => {
    const first = await startConsole()
    await tellReceived(first, 7)
    const page = await visit(first.url, ofMessage, { as: [test] })
    await reads(page.getByTestId('stage-received'), '7')
    await first.close()
    const banner = page.getByText('The server is not reachable. Trying again…')
    await banner.waitFor()
    expect(await page.getByTestId('stage-received').textContent()).toBe('7')

    const second = await startConsole({ port: first.port })
    onTestFinished(second.close)
    await tellReceived(second, 9)
    await page.getByText('The session of test has ended').waitFor()
    await banner.waitFor({ state: 'hidden' })
    await secretField(page).fill(secret)
    await page.keyboard.press('Enter')
    await reads(page.getByTestId('stage-received'), '9')
  })
})
