import { describeRecordStore } from './records.contract.ts';
import { openTestRecords } from '../support/records.ts';

describeRecordStore('embedded PostgreSQL', () => openTestRecords());
