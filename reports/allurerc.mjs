// How the results of a run become the report that people read: one HTML file, made by `python -m harness.report`.
export default {
  name: "Wallet contract suite",
  historyPath: process.env.SUITE_HISTORY ?? "reports/history.jsonl",
  hideLabels: ["package", "host", "thread", "framework", "language", "node"],
  plugins: {
    awesome: {
      options: {
        singleFile: true,
        reportLanguage: "en",
        groupBy: ["epic", "feature", "story"],
        stepTreeExpansion: "expand_failed_only",
      },
    },
  },
  categories: [
    { name: "A clause is broken", matchers: { statuses: ["failed"] }, groupBy: [{ label: "cause" }], groupByMessage: false, expand: true },
    { name: "The platform could not be judged", matchers: { statuses: ["broken"], message: /^The environment: / } },
    { name: "The suite itself is at fault", matchers: { statuses: ["broken"] } },
    { name: "Not judged", matchers: { statuses: ["skipped"] } },
  ],
};
