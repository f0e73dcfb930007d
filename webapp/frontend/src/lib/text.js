// Texts in the reader's language: the document's `lang` decides, Indonesian unless it says otherwise.

export const language = (document.documentElement.lang || 'id').toLowerCase().split('-')[0];

// The tag for dates and numbers. English readers of an Indonesian office write the day first too.
export const locale = language === 'id' ? 'id-ID' : 'en-GB';

// texts(dictionary) -> text(english, ...values): the Indonesian of the dictionary, or the English itself; `{0}` and
// so on are replaced by the values.
export function texts(dictionary) {
  return (english, ...values) => {
    const template = language === 'id' ? (dictionary[english] ?? english) : english;
    return template.replace(/\{(\d)\}/g, (all, index) => (index < values.length ? String(values[index]) : all));
  };
}
