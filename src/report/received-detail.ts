// GET /received/detail. Delivered devices per message, our own channel and the vendors' told apart.
import { openReportByMessage, type ReportByMessage } from './by-message.ts'

export const receivedDetail: ReportByMessage = openReportByMessage('/received/detail')
