/** The build makes one file of this module and the parts of RxJS that it names, in place of some two hundred. */
export {
  asapScheduler,
  asyncScheduler,
  filter,
  isObservable,
  lastValueFrom,
  map,
  Observable,
  Subject,
  Subscription,
  share,
  take,
  toArray,
} from 'rxjs';
