// お直し: only the lengths that the chosen size can have. The server says so too.
const fit = (size) => {
  const lengths = size.form?.elements.hem;
  if (!lengths || !size.dataset.hemMost) return;
  for (const option of lengths.options) {
    option.disabled = Number(option.value) > Number(size.dataset.hemMost);
  }
  if (lengths.selectedOptions[0]?.disabled) lengths.value = "";
};
document.addEventListener("change", (event) => {
  if (event.target.matches("input[name=sku]")) fit(event.target);
});
document.querySelectorAll("input[name=sku]:checked").forEach(fit);
