import { useState } from 'preact/hooks';
import { Menu } from '../shell/menu';
import { shown } from '../text/symbols';
import { result, setting } from './columns';
import { columnKeys } from './runs-state';
import { automatic, differingPaths, resultPaths, settingPaths, shownKeys } from './selection';

/** Which settings and results stand in the table. */
export function ColumnMenu() {
  const [words, setWords] = useState('');
  const differ = new Set(differingPaths.value);
  const settings = [
    ...settingPaths.value.filter((path) => differ.has(path)),
    ...settingPaths.value.filter((path) => !differ.has(path)),
  ];
  const part = words.trim().toLowerCase();
  const fits = (path: string) => path.toLowerCase().includes(part);
  const toggle = (key: string) => {
    const set = new Set(shownKeys.value);
    if (!set.delete(key)) set.add(key);
    columnKeys.slide([...set]);
  };
  const box = (key: string, path: string, note = '') => (
    <label key={key}>
      <input type="checkbox" checked={shownKeys.value.includes(key)} onChange={() => toggle(key)} />
      {shown(path)}
      {note !== '' && <span class="hint"> {note}</span>}
    </label>
  );
  return (
    <Menu words="Columns">
      <input
        type="search"
        aria-label="Find a column"
        placeholder="find a column"
        value={words}
        onInput={({ currentTarget }) => setWords(currentTarget.value)}
      />
      <button type="button" disabled={automatic.value} onClick={() => columnKeys.slide(['auto'])}>
        Choose by what differs
      </button>
      <h3>Results</h3>
      {resultPaths.value.filter(fits).map((path) => box(result(path).key, path))}
      <h3>Settings</h3>
      {settings.filter(fits).map((path) => box(setting(path).key, path, differ.has(path) ? 'differs' : ''))}
    </Menu>
  );
}
