// What the engine honours; the rest of BPMN and of Camunda 7 is not offered, so that nobody draws what would be refused.
// The server's linter says the same in its own words.

// The properties panel's groups that stay, each with the entries that stay (all of them where there is no list).
export const GROUPS = {
  general: ['name', 'id', 'processId', 'processName', 'isExecutable', 'versionTag'],
  documentation: null,
  message: null,
  error: ['errorRef', 'errorName', 'errorCode'],
  escalation: ['escalationRef', 'escalationName', 'escalationCode'],
  timer: null,
  link: null,
  multiInstance: ['loopCardinality', 'collection', 'elementVariable', 'completionCondition'],
  CamundaPlatform__CandidateStarter: ['candidateStarterGroups'],
  CamundaPlatform__InMappingPropagation: null,
  CamundaPlatform__InMapping: null,
  CamundaPlatform__OutMappingPropagation: null,
  CamundaPlatform__OutMapping: null,
  CamundaPlatform__ExtensionProperties: null,
};

// Entries of the menu that changes an element's type, by a part of their id.
const REFUSED = [
  /(service|send|script)-task/,
  /transaction/,
  /ad-hoc/,
  /complex-gateway/,
  /signal/,
  /compensation/,
  /cancel/,
  /message-intermediate-throw/,
  /message-end/,
  /^replace-with-(timer|conditional)-start$/,
  /^toggle-participant-multiplicity$/,
];

// Takes the refused entries out of the menu.
export class HonouredTypes {
  static $inject = ['popupMenu'];

  constructor(popupMenu) {
    popupMenu.registerProvider('bpmn-replace', 500, this);
  }

  getPopupMenuEntries(target) {
    // Inside an event sub-process a timer or a condition may start; elsewhere only a person or a message does.
    const inEventSubProcess = target.businessObject?.$parent?.triggeredByEvent;
    const isRefused = (id) =>
      REFUSED.some((pattern) => pattern.test(id)) && !(inEventSubProcess && /(timer|conditional)-start$/.test(id));
    return (entries) => Object.fromEntries(Object.entries(entries).filter(([id]) => !isRefused(id)));
  }
}
