import path from 'node:path';
import { NewLines } from '../../new-lines';
import type { Better } from '../decisions/verdict';
import { Course } from './course';

/** Reads what a run adds to its `metrics.ndjson`. */
export class CourseReader {
  private readonly course: Course;
  private readonly lines: NewLines;

  constructor(run: string, metric: string, better: Better) {
    this.lines = new NewLines(path.join(run, 'metrics.ndjson'));
    this.course = new Course(metric, better);
  }

  /** The course with the lines that are new and whole. */
  read(): Course {
    for (const line of this.lines.read()) this.course.add(JSON.parse(line));
    return this.course;
  }
}
