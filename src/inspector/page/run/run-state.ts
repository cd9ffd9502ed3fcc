import { listOf, oneOf, text, yesOrNo } from '../state/codec';
import { state } from '../state/state';

export const tabs = ['overview', 'curves', 'clock', 'trust', 'neurons'] as const;
export type Tab = (typeof tabs)[number];

export const tab = state.parameter('tab', oneOf(...tabs), 'overview');
/** Metrics whose curves are shown; `auto` for the first of them. */
export const metrics = state.parameter<readonly string[]>('metrics', listOf(text), ['auto']);
export const curvesLog = state.parameter('curveslog', yesOrNo, false);
