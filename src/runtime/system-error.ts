// What the error codes of files and processes mean, for people: the sentence that a program prints in
// place of a code. What goes wrong on a connection is in http/call.ts.

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EPERM: 'the system does not permit it',
  EROFS: 'the file system is read-only',
  ENOENT: 'there is no such file or directory',
  ENOTDIR: 'it, or a part of its path, is not a directory',
  EISDIR: 'it is a directory',
  EEXIST: 'it exists already',
  ENOTEMPTY: 'it is not empty',
  ELOOP: 'it is a symbolic link, or leads through too many of them',
  ENAMETOOLONG: 'the name is too long',
  ENXIO: 'it is a socket, or a device that does not exist',
  ENODEV: 'the device or file system does not support it',
  EINVAL: 'the system rejects the arguments',
  EBUSY: 'it is in use',
  ETXTBSY: 'it is in use',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be larger than is allowed',
  EIO: 'the device failed',
  EMFILE: 'this process may not open more files: raise its limit, ulimit -n',
  ENFILE: 'the system may not open more files',
  ENOMEM: 'there is not enough memory',
  EAGAIN: 'the system has no more processes or threads to give',
}

/** Why it failed: by the code of the system, else what the error says itself. */
export const reasonOf = (cause: unknown): string => {
  if (!(cause instanceof Error)) return String(cause)
  return reasons[codeOf(cause)] ?? cause.message
}

/** The whole sentence of an error that came from the system; undefined for any other. */
export const systemSentenceOf = (error: Error): string | undefined => {
  const reason = reasons[codeOf(error)]
  if (reason === undefined) return undefined
  const { path, syscall } = error as NodeJS.ErrnoException
  const what = path ?? syscall
  return what === undefined ? reason : `${what}: ${reason}`
}

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : '')
