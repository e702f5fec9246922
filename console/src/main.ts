// The console: a browser program that shows what the server answers. It holds no numbers of its own
// and speaks to no other host. This is its first script, which starts it in tasks of their own, so that
// none holds up the page for long.
import './style/theme.css'
import './style/element.css'
import './style/frame.css'
import './style/part.css'
import './style/page.css'

// The first format of numbers makes a browser read what it knows of all languages, for some 40 ms.
new Intl.NumberFormat()
setTimeout(() => import('./start.tsx'))
