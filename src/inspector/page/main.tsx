import { render } from 'preact';
import './style/page.css';
import { loadAll } from './run-list/store';
import { App } from './shell/app';
import { followTheme } from './shell/theme';

followTheme();
void loadAll();
render(<App />, document.getElementById('page')!);
