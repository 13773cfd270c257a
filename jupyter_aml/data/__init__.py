"""Where bytes come from: URIs, datastores, uploads. What a job does with them is the runner's business."""
