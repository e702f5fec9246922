// GET /messages/detail. All stages of a message per channel, and per kind in details.
import { openReportByMessage, type ReportByMessage } from './by-message.ts'

export const messagesDetail: ReportByMessage = openReportByMessage('/messages/detail')
