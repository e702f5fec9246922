// Visits to the console: one browser and one server for a file of tests, and for each visit a context of
// its own, without cookies of others. A visit in which the page broke, or was kept from something by its
// policy, or asked another host, fails its test.
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import type { Credentials } from '../support/shop.ts'

export interface VisitOptions extends BrowserContextOptions {
  /** Logged in to these already. */
  readonly as?: readonly Credentials[]
}

/** Opens the console at a place of it, like `#/messages`. */
export type Visit = (url: string, place: string, options?: VisitOptions) => Promise<Page>

const withinMs = 15_000

export const openVisits = (): Visit => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser.close())
  return async (url, place, { as = [], ...options } = {}) => {
    const context = await browser.newContext({ locale: 'en-US', ...options })
    context.setDefaultTimeout(withinMs)
    await context.addInitScript(tellViolations)
    for (const { key, secret } of as) {
      await context.request.post(`${url}/v1/sessions`, { data: { key, secret } })
    }
    const page = await context.newPage()
    const troubles = troublesOf(page, url)
    onTestFinished(async () => {
      await context.close()
      expect(troubles).toEqual([])
    })
    await page.goto(`${url}/${place}`)
    return page
  }
}

const tellViolations = `addEventListener('securitypolicyviolation', (event) =>
  console.error('Content Security Policy', event.effectiveDirective, event.blockedURI))`

/** Whatever should never happen, as it happens. */
const troublesOf = (page: Page, url: string): readonly string[] => {
  const troubles: string[] = []
  page.on('pageerror', ({ message }) => troubles.push(message))
  page.on('console', (said) => {
    if (/Content Security Policy/.test(said.text())) troubles.push(said.text())
  })
  page.on('dialog', async (dialog) => {
    troubles.push(`a dialog: ${dialog.message()}`)
    await dialog.dismiss()
  })
  page.on('request', (request) => {
    const asked = request.url()
    if (!asked.startsWith(`${url}/`) && !/^(blob|data):/.test(asked)) troubles.push(asked)
  })
  return troubles
}

/** For expect.poll: what comes to hold before long. */
export const soon: { readonly timeout: number } = { timeout: withinMs }

/** Waits until these are the words of a place, those that only a screen reader sees included. */
export const reads = async (place: Locator, words: string): Promise<void> => {
  await expect.poll(() => place.textContent(), soon).toBe(words)
}

/** What has the focus: its id, or what it is called, or what it says. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate<string>(`(() => {
    const { id, ariaLabel, textContent } = document.activeElement
    return id !== '' ? '#' + id : (ariaLabel ?? textContent.trim())
  })()`)
