import type { Worker } from '../../activities/surroundings.js';
import type { Ending } from '../../study/ending.js';
import type { Progress, StudyReference } from '../../study/orchestration.js';
import type { DeviceChoice } from '../../ufm/tensor/backend.js';
import type { StudySettings } from '../client/study-input.js';

/** What a study is run with. */
export interface RunOptions extends StudySettings {
  readonly reference: Required<StudyReference>;
  readonly engine: 'auto' | 'temporal' | 'local';
  /** Address of a Temporal server; null for the one that is configured, or else an embedded one. */
  readonly address: string | null;
  /** Folder of the embedded server's database. */
  readonly serverFolder: string;
  /** Whether the embedded server is to serve Temporal's web interface. */
  readonly webInterface: boolean;
  readonly device: DeviceChoice;
  /** Settings that somebody has asked for, which count of a study that is open, too, or the run is refused. */
  readonly insistsOn: readonly ('window' | 'queue')[];
  /** What becomes of other studies that earlier runs have left open on the embedded server, and that nobody runs. */
  readonly others: 'pause' | 'run';
  /** Solver threads of this process; 0 leaves all work to other workers of a server that is given or configured. */
  readonly threads: number;
  readonly worker: Worker;
  /** Asks to stop: workers drain, the server stops, the study stays ready to go on. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** Gets a line when something is not as one might expect, such as another engine than wanted. */
  readonly onNotice: (line: string) => void;
}

/** What came of it. */
export type RunEnding = Ending & {
  readonly engine: 'temporal' | 'local';
  /** As it was told last. */
  readonly progress: Progress;
};
