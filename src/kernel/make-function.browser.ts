export { interpretedFunction as makeFunction } from './interpreter';
