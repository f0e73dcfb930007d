// The properties panel: Camunda 7's, trimmed to what the engine honours, with our own groups among them.

import { Group } from '@bpmn-io/properties-panel';

import { GROUPS } from './honoured.js';
import { ownGroups } from './groups.js';

const AFTER_CAMUNDA = 300; // providers with a lower priority see what the others have made

export function trimmedPanel(page, text) {
  class TrimmedPanel {
    static $inject = ['propertiesPanel'];

    constructor(propertiesPanel) {
      propertiesPanel.registerProvider(AFTER_CAMUNDA, this);
    }

    getGroups(element) {
      return (groups) => {
        const kept = groups.filter(({ id }) => id in GROUPS).map(trim);
        const own = ownGroups(element, page, text).map((group) => ({ ...group, component: Group }));
        const place = kept.findIndex(({ id }) => id !== 'general');
        kept.splice(place < 0 ? kept.length : place, 0, ...own);
        return kept.filter(({ entries, items }) => entries?.length || items);
      };
    }
  }
  return { __init__: ['trimmedPanel'], trimmedPanel: ['type', TrimmedPanel] };
}

function trim(group) {
  const stay = GROUPS[group.id];
  return stay ? { ...group, entries: group.entries.filter(({ id }) => stay.includes(id)) } : group;
}
