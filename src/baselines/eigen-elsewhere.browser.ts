import type { Matrix } from 'ml-matrix';
import { eigenHere, type SymmetricEigen } from './eigen-here';

/** In this thread: a page that has much to work out does so in a worker of its own. */
export const eigenElsewhere = async (matrix: Matrix): Promise<SymmetricEigen> => eigenHere(matrix);
