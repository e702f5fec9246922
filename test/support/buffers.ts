// Memory for the bodies of all servers and readers of a test process. One piece a server, as the program
// has it, would be address space that nobody collects, until there is too much of it to begin a process.
import { type Buffers, openBuffers } from '../../src/runtime/buffer-pool.ts'

export const buffers: Buffers = openBuffers()
