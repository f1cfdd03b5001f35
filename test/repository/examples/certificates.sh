# #region authority
# An authority of your own, which stations and server trust.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 \
  -subj "/O=Acme/CN=Acme Root" -keyout root.key -out root.pem
# #endregion authority
# #region server
# The server's certificate: for the name that stations connect to.
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
  -subj "/O=Acme/CN=csms.example.com" -keyout server.key -out server.csr
printf "subjectAltName=DNS:csms.example.com,DNS:localhost,IP:127.0.0.1" > server.ext
openssl x509 -req -in server.csr -CA root.pem -CAkey root.key -CAcreateserial -days 365 \
  -extfile server.ext -out server.pem
# #endregion server
# #region station
# A station's certificate, for security profile 3: its common name is the station's identity.
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
  -subj "/O=Acme/CN=CS003" -keyout CS003.key -out CS003.csr
openssl x509 -req -in CS003.csr -CA root.pem -CAkey root.key -CAcreateserial -days 365 -out CS003.pem
# #endregion station
