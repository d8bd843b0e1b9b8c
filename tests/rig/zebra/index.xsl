<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:z="http://indexdata.com/zebra-2.0" xmlns:m="http://www.loc.gov/MARC21/slim" exclude-result-prefixes="m" version="1.0">
<xsl:output method="xml" encoding="UTF-8"/>
<xsl:template match="text()"/>
<xsl:template match="/"><xsl:choose><xsl:when test="m:collection"><xsl:apply-templates select="m:collection/m:record"/></xsl:when><xsl:otherwise><xsl:apply-templates select="m:record"/></xsl:otherwise></xsl:choose></xsl:template>
<xsl:template match="m:record">
 <z:record z:id="{normalize-space(m:controlfield[@tag='001'])}">
  <z:index name="Local-number:w"><xsl:value-of select="m:controlfield[@tag='001']"/></z:index>
  <xsl:for-each select="m:datafield[@tag='245' or @tag='240' or @tag='246' or @tag='200' and m:subfield[@code='a'] or @tag='500' and ../m:datafield[@tag='200']]">
   <z:index name="Title:w Title:p any:w"><xsl:for-each select="m:subfield[@code='a' or @code='b' or @code='e' or @code='p']"><xsl:value-of select="."/><xsl:text> </xsl:text></xsl:for-each></z:index></xsl:for-each>
  <xsl:for-each select="(m:datafield[@tag='245' or @tag='200'])[1]"><z:index name="Title:s"><xsl:value-of select="m:subfield[@code='a']"/></z:index></xsl:for-each>
  <xsl:for-each select="m:datafield[@tag='100' and m:subfield[@code='a'] and not(../m:datafield[@tag='200']) or @tag='700' or @tag='701' or @tag='702' or @tag='710' or @tag='110']">
   <z:index name="Author:w Author:p any:w"><xsl:for-each select="m:subfield[@code='a' or @code='b' or @code='g' or @code='q']"><xsl:value-of select="."/><xsl:text> </xsl:text></xsl:for-each></z:index></xsl:for-each>
  <xsl:for-each select="m:datafield[@tag='650' or @tag='651' or @tag='653' or @tag='606' or @tag='610']"><z:index name="Subject-heading:w any:w"><xsl:value-of select="."/></z:index></xsl:for-each>
  <xsl:for-each select="m:datafield[@tag='020' or @tag='010']/m:subfield[@code='a']"><z:index name="Identifier-ISBN:w"><xsl:value-of select="translate(.,'- ','')"/></z:index></xsl:for-each>
  <xsl:for-each select="m:datafield[@tag='041' or @tag='101']/m:subfield[@code='a']"><z:index name="Code-language:w"><xsl:value-of select="."/></z:index></xsl:for-each>
  <xsl:for-each select="m:datafield[@tag='260' or @tag='264']/m:subfield[@code='c'] | m:datafield[@tag='210']/m:subfield[@code='d']"><z:index name="Date-of-publication:n Date-of-publication:s"><xsl:value-of select="translate(.,translate(.,'0123456789',''),'')"/></z:index></xsl:for-each>
 </z:record>
</xsl:template>
</xsl:stylesheet>
