// The calendar of form-js' date fields, in the reader's language: flatpickr speaks English by itself.

import flatpickr from 'flatpickr';
import { Indonesian } from 'flatpickr/dist/l10n/id.js';

import { language } from './text.js';

flatpickr.setDefaults({ ariaDateFormat: 'j F Y' });
if (language === 'id') flatpickr.localize({ ...Indonesian, monthAriaLabel: 'Bulan', yearAriaLabel: 'Tahun' });
