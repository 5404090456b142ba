import { descend, isFinite, stay, type Move, type Observation } from './descent.js';
import type { Member, State } from './state.js';

/** Evaluates every instance once and makes the move that follows. */
export async function step({ engine, members, batch }: State): Promise<State> {
  const observations = await batch.observe();
  const decisions = members.map((member, place) =>
    decide(member, observations[place]!, engine.rounding),
  );
  batch.move(decisions.map(({ move }) => move));
  return { engine, batch, members: decisions.map(({ member }) => member) };
}

function decide(
  member: Member,
  observation: Observation,
  rounding: number,
): { member: Member; move: Move } {
  if (member.diverged) return { member, move: stay };
  const evaluations = member.evaluations + 1;
  if (!isFinite(observation)) {
    return { member: { ...member, evaluations, diverged: true }, move: stay };
  }
  const { descent, move } = descend(member.descent, observation, rounding);
  const steepness = observation.gradientSquared / observation.value;
  return { member: { ...member, evaluations, descent, steepness }, move };
}
