import { listOf, oneOf, text, yesOrNo } from '../state/codec';
import { state } from '../state/state';
import { bands } from './group';

/** What is written into the search. */
export const filterWords = state.parameter('filter', text, '');
/** Key of the column that rows are sorted by; a `-` before it sorts from the largest on. */
export const sort = state.parameter('sort', text, '-id');
/** Keys of the columns chosen; `auto` for those that differ most. */
export const columnKeys = state.parameter<readonly string[]>('columns', listOf(text), ['auto']);
/** Studies whose trials are shown. */
export const openStudies = state.parameter<readonly string[]>('open', listOf(text), []);
/** The metric whose curves are drawn; empty for the first. */
export const metric = state.parameter('metric', text, '');
export const band = state.parameter('band', oneOf(...bands), 'interval');
export const logarithmic = state.parameter('log', yesOrNo, false);
