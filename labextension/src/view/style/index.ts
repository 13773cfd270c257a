/** The view's style sheet, put together: it stands in the shadow root, so short names hurt nobody. */
import { BASE } from './base';
import { CHARTS } from './charts';
import { FILES } from './files';
import { GRAPH } from './graph';
import { LOGS } from './logs';
import { TABLES } from './tables';
import { TRIALS } from './trials';

export const STYLE = [BASE, TABLES, CHARTS, LOGS, FILES, GRAPH, TRIALS].join('\n');
