// Whether the server answers, as the last question of any part of the console found it.
import { held } from '../state/held.ts'

export const connection = held<'up' | 'away'>('up')
