// The console: a browser program that shows what the server answers. It holds no numbers of its own
// and speaks to no other host.
import { render } from 'preact'
import './style/theme.css'
import './style/element.css'
import './style/frame.css'
import './style/part.css'
import './style/page.css'
import { Console } from './console.tsx'
import { showLanguage } from './state/language.ts'
import { followAddress } from './state/navigation.ts'
import { showTheme } from './state/theme.ts'

showTheme()
showLanguage()
followAddress()
const place = document.getElementById('console')
// In a task of its own, after the script was read, so that neither holds up the page for long.
if (place !== null) setTimeout(() => render(<Console />, place))
