/** What was uploaded to a run beside its outputs: explanations of its model, and assessments of its fairness. */
import type { ComponentChildren } from 'preact';
import type { PanelProps, TabEntry } from '.';
import { clean } from '../parts/clean';
import { ExplanationView } from '../parts/explanation';
import { explanationsOf, isExplanation } from '../parts/explanations';
import { dashboardOf, FairnessView, isFairness } from '../parts/fairness';
import { type Uploads, useUploads } from '../parts/uploads';

export const EXPLANATIONS: TabEntry = {
  name: 'explanations',
  caption: () => 'Explanations',
  count: ({ details }) => folders((details?.files ?? []).map(file => file.name).filter(isExplanation), 2),
  Panel: Explanations
};

export const FAIRNESS: TabEntry = {
  name: 'fairness',
  caption: () => 'Fairness',
  count: ({ details }) => folders((details?.files ?? []).map(file => file.name).filter(isFairness), 3),
  Panel: Fairness
};

function folders(names: readonly string[], deep: number): number {
  return new Set(names.map(name => name.split('/').slice(0, deep).join('/'))).size;
}

function Explanations({ run, source, details }: PanelProps) {
  const uploads = useUploads(source, run, details.files, isExplanation);
  const every = explanationsOf(uploads.found);
  return (
    <>
      {every.map(one => (
        <ExplanationView key={one.id} one={one} />
      ))}
      <Rest
        uploads={uploads}
        isEmpty={!every.length}
        code={`from azureml.interpret import ExplanationClient

client = ExplanationClient.from_run(Run.get_context())
client.upload_model_explanation(explanation, comment="what it explains")`}
      >
        No explanations. This tab is for the features that drive the model, over all rows and for one.
      </Rest>
    </>
  );
}

function Fairness({ run, source, details }: PanelProps) {
  const uploads = useUploads(source, run, details.files, isFairness);
  const every = [...uploads.found].flatMap(([name, value]) => dashboardOf(name, value) ?? []);
  return (
    <>
      {every.map(one => (
        <FairnessView key={one.name} one={one} />
      ))}
      <Rest
        uploads={uploads}
        isEmpty={!every.length}
        code={`from azureml.contrib.fairness import upload_dashboard_dictionary

upload_dashboard_dictionary(Run.get_context(), dashboard, dashboard_name="which groups")`}
      >
        No fairness assessment. This tab is for metrics by group and the disparity between groups.
      </Rest>
    </>
  );
}

interface RestProps {
  uploads: Uploads;
  isEmpty: boolean;
  /** How one is uploaded. */
  code: string;
  children: ComponentChildren;
}

/** What there is to say when nothing, or not all, can be shown. */
function Rest({ uploads, isEmpty, code, children }: RestProps) {
  const names = [...uploads.found.keys()];
  return (
    <>
      {uploads.problems.map(one => (
        <p key={one} class="problem">
          {clean(one)}
        </p>
      ))}
      {isEmpty && uploads.isReading && <p class="none">Reading …</p>}
      {isEmpty && !uploads.isReading && !names.length && (
        <div class="none">
          {children} Upload one in the job:
          <pre class="pre" tabIndex={0}>
            {`from azureml.core import Run\n${code}`}
          </pre>
        </div>
      )}
      {isEmpty && names.length > 0 && (
        <p class="none">
          What was uploaded has no form that is drawn here; it is in the tab Outputs + logs: {clean(names.join(', '))}
        </p>
      )}
    </>
  );
}
