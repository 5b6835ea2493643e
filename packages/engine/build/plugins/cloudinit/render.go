package cloudinit

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"hash/crc32"
	"io"
	"mime/multipart"
	"net/textproto"
	"strconv"
)

// part is one document of the multi-part message; empty strings stand for what was not given.
type part struct {
	contentType, content, filename, mergeType string
}

// document is a Config with every default filled in.
type document struct {
	gzip, base64 bool
	boundary     string
	parts        []part
}

// render answers the text for the user data. Nothing is escaped, since the official provider does
// not: the caller sees to it that no content holds the boundary and no file name a line break.
func render(d document) (string, error) {
	var out bytes.Buffer
	if d.gzip {
		// Default level and an empty header, as the official provider has them: the bytes count.
		zip := gzip.NewWriter(&out)
		if err := writeMessage(zip, d); err != nil {
			return "", err
		}
		if err := zip.Close(); err != nil {
			return "", err
		}
	} else if err := writeMessage(&out, d); err != nil {
		return "", err
	}
	if d.base64 {
		return base64.StdEncoding.EncodeToString(out.Bytes()), nil
	}
	return out.String(), nil
}

func writeMessage(w io.Writer, d document) error {
	message := multipart.NewWriter(w)
	if err := message.SetBoundary(d.boundary); err != nil {
		return err
	}
	// The first line ends in LF and the second in CRLF: so it is upstream. They are two writes
	// because the compressor sees the difference.
	if _, err := fmt.Fprintf(w, "Content-Type: multipart/mixed; boundary=\"%s\"\n", d.boundary); err != nil {
		return err
	}
	if _, err := io.WriteString(w, "MIME-Version: 1.0\r\n\r\n"); err != nil {
		return err
	}
	for _, p := range d.parts {
		body, err := message.CreatePart(header(p))
		if err != nil {
			return err
		}
		if _, err := io.WriteString(body, p.content); err != nil {
			return err
		}
	}
	return message.Close()
}

func header(p part) textproto.MIMEHeader {
	h := textproto.MIMEHeader{}
	h.Set("Content-Type", p.contentType)
	h.Set("MIME-Version", "1.0")
	h.Set("Content-Transfer-Encoding", "7bit")
	if p.filename != "" {
		h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s"`, p.filename))
	}
	if p.mergeType != "" {
		h.Set("X-Merge-Type", p.mergeType)
	}
	return h
}

// identify answers the resource's id: the CRC-32 of what was rendered, in decimal.
func identify(rendered string) string {
	return strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(rendered))), 10)
}
