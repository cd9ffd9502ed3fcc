import { render } from 'preact';
import './style/page.css';
import { followAll } from './run-list/store';
import { App } from './shell/app';
import { followTheme } from './shell/theme';

followTheme();
followAll();
render(<App />, document.getElementById('page')!);
