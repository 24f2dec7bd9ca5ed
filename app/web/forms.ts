/**
 * Reads a form.
 *
 * @throws Response 400 when the body is no form: forms of ours always send one.
 */
export async function readForm(request: Request): Promise<FormData> {
  try {
    return await request.formData();
  } catch {
    throw new Response("This form cannot be read.", { status: 400, statusText: "Bad Request" });
  }
}
