// Debian's Chromium in its smallest form, which has no window, driven from here. Where it is not there
// and cannot be installed, says so, and whoever needs it is left out.
import { type Browser, chromium } from 'playwright-core'
import { haveProgram } from './debian.ts'

const program = 'chromium-headless-shell'

export const haveBrowser = (): boolean => {
  if (haveProgram(program)) return true
  process.stderr.write(
    `There is no ${program}, and apt-get cannot install it here: what needs a browser is left out.\n`,
  )
  return false
}

/** Its sandbox does not work for root. */
const rootArgs = process.getuid?.() === 0 ? ['--no-sandbox'] : []

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: `/usr/bin/${program}`, args: rootArgs })
