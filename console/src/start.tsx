// Draws the console as the address, the language and the theme want it, and follows them.
import { render } from 'preact'
import { Console } from './console.tsx'
import { showLanguage } from './state/language.ts'
import { followAddress } from './state/navigation.ts'
import { showTheme } from './state/theme.ts'

showTheme()
showLanguage()
followAddress()
const place = document.getElementById('console')
// In a task of its own, after the script was read.
if (place !== null) setTimeout(() => render(<Console />, place))
