/** What the engine does for each request: a request is one line here. */

import { findModels } from '../models/find-models.ts';
import { answerTextNotification } from '../protocol/notifications/answer-text.ts';
import { adoptRequest } from '../protocol/requests/adopt.ts';
import { askRequest } from '../protocol/requests/ask.ts';
import { completeRequest } from '../protocol/requests/complete.ts';
import { continueRequest } from '../protocol/requests/continue.ts';
import { devicesRequest } from '../protocol/requests/devices.ts';
import { fileRetentionRequest } from '../protocol/requests/file-retention.ts';
import { findModelsRequest } from '../protocol/requests/find-models.ts';
import { followRequest } from '../protocol/requests/follow.ts';
import { inspectModelRequest } from '../protocol/requests/inspect-model.ts';
import { deleteKeptRequest, keptRequest } from '../protocol/requests/kept.ts';
import { measureRepositoryRequest } from '../protocol/requests/measure-repository.ts';
import { nextEditRequest } from '../protocol/requests/next-edit.ts';
import { openRequest } from '../protocol/requests/open.ts';
import { policyParametersRequest } from '../protocol/requests/policy-parameters.ts';
import { probesRequest } from '../protocol/requests/probes.ts';
import { proposedModelsRequest } from '../protocol/requests/proposed-models.ts';
import { refineRequest } from '../protocol/requests/refine.ts';
import { keepRequest, restoreRequest } from '../protocol/requests/restore.ts';
import { retentionRequest } from '../protocol/requests/retention.ts';
import { scoreRequest } from '../protocol/requests/score.ts';
import { suggestMentionsRequest } from '../protocol/requests/suggest-mentions.ts';
import { weighQuestionRequest } from '../protocol/requests/weigh-question.ts';
import { mentionsFor, weighQuestion } from './answering/marked-question.ts';
import { nextEdit } from './completing/next-edit.ts';
import { on } from './handler.ts';
import type { Handler } from './handler.ts';
import { deleteKept, hasKept, listKept } from './keeping/kept-list.ts';
import { findProbes } from './measuring/probes.ts';
import { fileRetention } from './memory/retained.ts';
import { describeModel } from './model/describe-model.ts';
import { fitProposed } from './model/fit.ts';

export const handlers: readonly Handler[] = [
  on(openRequest, (engine, parameters, { signal }) => engine.open(parameters, signal)),
  on(restoreRequest, async (engine, parameters, { signal }) =>
    (await hasKept(parameters)) ? engine.restore(parameters, signal) : null,
  ),
  on(keepRequest, async (engine, _, { signal }) => ({ kept: await engine.keep(signal) })),
  on(keptRequest, (_, { folder }) => listKept(folder)),
  on(deleteKeptRequest, (_, { folder, ids }) => deleteKept(folder, ids)),
  on(continueRequest, (engine, _, { signal }) => engine.continueReading(signal)),
  on(followRequest, (engine, parameters, { signal }) => engine.follower.follow(parameters, signal)),
  on(adoptRequest, (engine, parameters, { signal }) => engine.adopt(parameters, signal)),
  on(refineRequest, (engine, parameters, { signal }) => engine.refine(parameters, signal)),
  on(askRequest, (engine, parameters, { signal, notify }) =>
    engine.ask(
      parameters,
      (text, unknownNames, reasoning) => {
        const { answerId } = parameters;
        notify(answerTextNotification, { answerId, text, unknownNames, reasoning });
      },
      signal,
    ),
  ),
  on(suggestMentionsRequest, (engine, { query }) =>
    Promise.resolve(engine.glance((held) => mentionsFor(held, query))),
  ),
  on(weighQuestionRequest, (engine, parameters, { signal }) =>
    engine.look(signal, (repository, turn) => weighQuestion(repository, parameters, turn.signal)),
  ),
  on(completeRequest, (engine, parameters, { signal }) => engine.complete(parameters, signal)),
  on(nextEditRequest, (engine, parameters, { signal }) =>
    engine.atCursor(signal, (held, context) => nextEdit(held, parameters, context)),
  ),
  on(retentionRequest, (engine, parameters, { signal }) => engine.retention(parameters, signal)),
  on(fileRetentionRequest, (engine, { path }, { signal }) =>
    engine.look(signal, (repository, turn) => fileRetention(repository, path, turn.signal)),
  ),
  on(probesRequest, (engine, parameters, { signal }) =>
    engine.look(signal, (held, turn) => findProbes(held, parameters, turn.signal)),
  ),
  on(scoreRequest, (engine, parameters, { signal }) => engine.score(parameters, signal)),
  on(measureRepositoryRequest, (engine, parameters, { signal }) =>
    engine.measureRepository(parameters, signal),
  ),
  on(inspectModelRequest, (engine, parameters) =>
    describeModel(parameters, () => engine.devices()),
  ),
  on(proposedModelsRequest, (engine, parameters) =>
    fitProposed(parameters, () => engine.devices()),
  ),
  on(findModelsRequest, () => findModels()),
  on(devicesRequest, (engine) => engine.devices()),
  on(policyParametersRequest, (engine, { policy }) => engine.policyParameters(policy)),
];
