import { render } from 'preact';
import './style/playground.css';
import { followTheme } from '../inspector/page/shell/theme';
import { App } from './view/app';

followTheme();
render(<App />, document.getElementById('page')!);
