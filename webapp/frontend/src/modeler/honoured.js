// What the engine honours; the rest of BPMN and of Camunda 7 is not offered, so that nobody draws what would be refused.
// The server's linter says the same in its own words.

// The properties panel's groups that stay, each with the entries that stay (all of them where there is no list).
export const GROUPS = {
  general: ['name', 'id', 'processId', 'processName', 'isExecutable', 'versionTag'],
  documentation: null,
  message: null,
  signal: null,
  error: ['errorRef', 'errorName', 'errorCode', 'errorMessage', 'errorCodeVariable', 'errorMessageVariable'],
  escalation: ['escalationRef', 'escalationName', 'escalationCode', 'escalationCodeVariable'],
  timer: null,
  link: null,
  multiInstance: [
    'loopCardinality',
    'collection',
    'elementVariable',
    'completionCondition',
    'multiInstanceAsynchronousBefore',
    'multiInstanceAsynchronousAfter',
    'multiInstanceRetryTimeCycle',
  ],
  compensation: ['activityRef'],
  CamundaPlatform__CandidateStarter: null,
  CamundaPlatform__AsynchronousContinuations: ['asynchronousContinuationBefore', 'asynchronousContinuationAfter'],
  CamundaPlatform__JobExecution: null,
  CamundaPlatform__ExternalTask: null,
  CamundaPlatform__InMappingPropagation: null,
  CamundaPlatform__InMapping: null,
  CamundaPlatform__OutMappingPropagation: null,
  CamundaPlatform__OutMapping: null,
  CamundaPlatform__ExtensionProperties: null,
};

// Entries of the menu that changes an element's type, by a part of their id.
const REFUSED = [
  /script-task/,
  /ad-hoc/,
  /complex-gateway/,
  /compensation-start/,
  /^replace-with-conditional-start$/,
  /^toggle-participant-multiplicity$/,
];

// Takes the refused entries out of the menu.
export class HonouredTypes {
  static $inject = ['popupMenu'];

  constructor(popupMenu) {
    popupMenu.registerProvider('bpmn-replace', 500, this);
  }

  getPopupMenuEntries(target) {
    // A condition may start an event sub-process, no process.
    const inEventSubProcess = target.businessObject?.$parent?.triggeredByEvent;
    const isRefused = (id) =>
      REFUSED.some((pattern) => pattern.test(id)) && !(inEventSubProcess && /conditional-start$/.test(id));
    return (entries) => Object.fromEntries(Object.entries(entries).filter(([id]) => !isRefused(id)));
  }
}
