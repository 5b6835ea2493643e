package cloudinit

import "testing"

// The expected texts are those that the official provider's own acceptance tests state.
func TestRendersWhatTheOfficialProviderDoes(t *testing.T) {
	const head = "Content-Type: multipart/mixed; boundary=\"MIMEBOUNDARY\"\nMIME-Version: 1.0\r\n\r\n"
	cases := []struct {
		name string
		in   document
		want string
	}{
		{
			"one part",
			document{boundary: "MIMEBOUNDARY", parts: []part{{contentType: "text/x-shellscript", content: "baz"}}},
			head + "--MIMEBOUNDARY\r\nContent-Transfer-Encoding: 7bit\r\nContent-Type: text/x-shellscript\r\n" +
				"Mime-Version: 1.0\r\n\r\nbaz\r\n--MIMEBOUNDARY--\r\n",
		},
		{
			"every field",
			document{boundary: "MIMEBOUNDARY", parts: []part{
				{"text/plain", "foo1", "foofile1.txt", "list()+dict()+str()"},
			}},
			head + "--MIMEBOUNDARY\r\nContent-Disposition: attachment; filename=\"foofile1.txt\"\r\n" +
				"Content-Transfer-Encoding: 7bit\r\nContent-Type: text/plain\r\nMime-Version: 1.0\r\n" +
				"X-Merge-Type: list()+dict()+str()\r\n\r\nfoo1\r\n--MIMEBOUNDARY--\r\n",
		},
		{
			"gzip, byte for byte",
			document{gzip: true, base64: true, boundary: "MIMEBOUNDARY", parts: []part{
				{contentType: "text/x-shellscript", content: "heythere"},
			}},
			"H4sIAAAAAAAA/2TNuwrCQBCF4X5h32FJP0YrIWLhJYVFFEQFy1xGM5DMhtkJJG8vWkjQ8sDP+XaeFVnhMnaYuLZvlLpcNG5p" +
				"wGrlCt9zlcu4jrJDlm5P1+N+c75H5r3ghhLIc+IWs7k11gBMI2u+35JzeKBAyqWviJ+JWxakk+CDKw4aDxBqbJpQCnVqTUYt" +
				"/jk1jlqj4K8IYM0rAAD//0u6BO3QAAAA",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := render(c.in)
			if err != nil {
				t.Fatal(err)
			}
			if got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}
