// What somebody wrote and photographed outlives the step it was told with: a visit that is open again, or stands as
// somebody else has it.
export const isTold = (item) => Boolean(item.payload.note?.trim() || item.photos.length);

export function asNote(item, uid = item.uid) {
  const { visit, payload } = item;
  return { ...item, uid, kind: "note", base_rev: null, payload: { uid, text: payload.note || "" }, page: `/today/visits/${visit}` };
}
