import type { Client } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type protocol from '@temporalio/proto';
import { windowProblem } from '../../study/conductor-state.js';
import { pausedSignal, windowUpdate } from '../../workflows/messages.js';
import type { StudySettings } from './study-input.js';

type Payloads = protocol.temporal.api.common.v1.IPayloads | null | undefined;

/** How a study is being run: what it was started with, and what people have asked of it since. */
export interface HeldSettings extends Partial<StudySettings> {
  readonly paused: boolean;
}

/**
 * Reads the settings of a run of a study from its history, which needs no worker: where the history cannot be replayed there
 * is none that could answer. What another version has written otherwise is left out.
 *
 * @throws ServiceError when the server does not answer; EncryptionError when a key is missing
 */
export async function settingsHeld(
  client: Client,
  workflowId: string,
  runId: string,
): Promise<HeldSettings> {
  const { namespace, loadedDataConverter: converter } = client.options;
  const context = { type: 'workflow', namespace, workflowId } as const;
  const firstOf = async (input: Payloads): Promise<unknown> =>
    (await decodeArrayFromPayloads(converter, input?.payloads, context))[0];

  let held: HeldSettings = { paused: false };
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  for (const event of events ?? []) {
    const started = event.workflowExecutionStartedEventAttributes;
    const signalled = event.workflowExecutionSignaledEventAttributes;
    const accepted = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input;
    if (started) held = settingsOf(await firstOf(started.input));
    if (signalled?.signalName === pausedSignal.name) {
      held = { ...held, paused: (await firstOf(signalled.input)) === true };
    }
    if (accepted?.name === windowUpdate.name) {
      held = { ...held, ...windowOf(await firstOf(accepted.args)) };
    }
  }
  return held;
}

function settingsOf(input: unknown): HeldSettings {
  const { state, again, queue } = objectOf(input);
  const { window, paused } = objectOf(state);
  return {
    paused: paused === true,
    ...windowOf(window),
    ...(typeof again === 'boolean' && { again }),
    ...(typeof queue === 'string' && { queue }),
  };
}

function windowOf(window: unknown): { window?: number } {
  return windowProblem(window) === null ? { window: window as number } : {};
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
