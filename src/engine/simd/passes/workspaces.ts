import type { Workspace } from '../layer-kernels';
import { Place } from './activation-places';

/** Scratch arrays that the layers of a pass use by turns, each as large as the largest that was asked for. */
export class Workspaces {
  private readonly rooms = new Map<Workspace, Room>();

  /** @param allocate called where one is used first: by then all layers are bound */
  constructor(private readonly allocate: (count: number) => number) {}

  of(name: Workspace, count: number): { readonly pointer: number } {
    let room = this.rooms.get(name);
    if (room === undefined) {
      room = new Room(this.allocate);
      this.rooms.set(name, room);
    }
    room.count = Math.max(room.count, count);
    return room.place;
  }
}

class Room {
  count = 0;
  readonly place: Place;

  constructor(allocate: (count: number) => number) {
    this.place = new Place(() => allocate(this.count));
  }
}
