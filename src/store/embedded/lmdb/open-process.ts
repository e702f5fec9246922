// Opens a directory's files and closes them, in a process of its own, which LMDB may end. argv holds the directory and
// the size of the map.
import { open } from 'lmdb'
import { environmentOptions } from './environment.ts'

const [, , dir = '', mapBytes = '0'] = process.argv
await open(environmentOptions(dir, Number(mapBytes))).close()
