// Screen readers: a set of radio buttons or check boxes says its question with each answer. form-js draws them as
// loose inputs under a label that belongs to none of them.

const SETS = {
  '.fjs-form-field-radio': 'radiogroup',
  '.fjs-form-field-checklist': 'group',
};

// Keeps the sets below `place` named, also those that appear later.
export function nameGroups(place) {
  new MutationObserver(() => name(place)).observe(place, { childList: true, subtree: true });
}

function name(place) {
  for (const [selector, role] of Object.entries(SETS)) {
    for (const set of place.querySelectorAll(`${selector}:not([role])`)) {
      const label = set.querySelector('.fjs-form-field-label:not([for])');
      if (!label) continue;
      label.id ||= `label-${set.querySelector('input')?.name ?? Math.random().toString(36).slice(2)}`;
      set.setAttribute('role', role);
      set.setAttribute('aria-labelledby', label.id);
    }
  }
}
